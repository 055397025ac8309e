"""Shows judged runs to people and to other tools: it reads evidence, and runs and judges nothing."""
