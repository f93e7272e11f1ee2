"""What is made once per checkout from installed packages: the typeface and the compiled translations."""
