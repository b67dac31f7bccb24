"""The pure core of Tallystick: rules and arithmetic, standard library only, no clock, no input or output."""
