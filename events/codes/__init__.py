"""Published codes that ideas speak in: themes, places and currencies."""
