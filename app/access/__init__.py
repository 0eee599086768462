"""Who may do what: accounts of people, and the bearer tokens of programs that act for them."""
