"""Money for ideas: acts that touch a pool and a mandate's budget together."""
