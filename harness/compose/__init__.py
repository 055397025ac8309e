"""The only wiring: finds plugs, builds clock, seeds, engine and journal, and hands them down. It holds no rule of its own."""
