"""Events as messages to other programs, signed as Standard Webhooks has it."""
