"""What is run: one scenario a file (values only), profiles that name several, hand-made cases."""
