"""The toolkit of the page: widgets, endpoints, the visitor's session."""
