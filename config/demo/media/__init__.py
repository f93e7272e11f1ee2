"""The demo's files, made on the spot: drawn pictures, hummed voices, short films and small documents."""
