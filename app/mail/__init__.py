"""Mail: what is said to people, a row for each message before it is sent, and the sending itself."""
