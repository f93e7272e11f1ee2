"""Reads messages for showing, one module per thing: values in, values out; strangers chose everything in them."""
