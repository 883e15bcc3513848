"""Pages for browsers, in the Danish design system: rendered here, live where it helps."""
