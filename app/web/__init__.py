"""The pages people look at: view models in, plain and accessible HTML out."""
