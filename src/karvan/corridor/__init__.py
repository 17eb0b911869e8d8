"""The nouns: corridor, lever, scenario, state, outcome; and the rules their figures must keep."""
