"""Random histories of who may what, beside a model that says the law in other words."""
