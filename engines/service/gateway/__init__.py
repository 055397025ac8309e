"""Between sockets and the pipeline: sessions, what their requests become, and what they are told."""
