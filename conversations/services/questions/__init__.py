"""Questions to somebody at the client without a seat: asked by mail, answered by a link."""
