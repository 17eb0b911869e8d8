"""The corridor on a screen: a page and a JSON interface that say the same. The web framework is opened here only."""
