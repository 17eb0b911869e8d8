// From where to where, and for what cargo.
export default {
  template: `
    <form class="finder" @submit.prevent="$emit('find', { origin, destination, commodity })">
      <label>From <input v-model="origin" :list="'places-' + uid" required maxlength="80" /></label>
      <label>To <input v-model="destination" :list="'places-' + uid" required maxlength="80" /></label>
      <label>Cargo <select v-model="commodity"><option value="">usual cargo</option>
        <option v-for="c in commodities" :key="c" :value="c">{{ c.replaceAll("_", " ") }}</option></select></label>
      <button type="submit">Find ways</button>
      <datalist :id="'places-' + uid"><option v-for="p in places" :key="p" :value="p"></option></datalist>
    </form>`,
  props: { places: Array, commodities: Array, first: Array },
  data() { return { origin: this.first[0], destination: this.first[1], commodity: "", uid: Math.random().toString(36).slice(2) }; },
};
