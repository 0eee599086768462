"""The one way out: everything that is sent to somebody else's machine over HTTP goes through here."""
