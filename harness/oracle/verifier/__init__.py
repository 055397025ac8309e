"""Says of each event of an engine whether it may come now, for histories too long for the plain judges.

It follows the events, so it needs to know only which event is next: the front order of the best level, never a search. It was
written from docs/matching-rules.md and shares no code with any engine nor with the model. Its tables are an open-addressed table of
live ids, levels linked first in first out and found by (instrument, side, price), and a binary heap of prices a side from which
empty levels are taken only when they come to its top. Memory grows with the live orders and not with the history.

| file | holds |
| --- | --- |
| `verifier` | what a check uses: segments in, a code an event and the breaches out |
| `codes` | the codes, and which of them names a difference |
| `kernel` | the loop over events: whose turn it is, and whether the event is the one that must come |
| `answers`, `matching`, `stops` | what must come next, and what it changes |
| `causes`, `risk` | why a command must be refused |
| `wanted` | the event that must come, held against the one that came |
| `ids`, `levels`, `heap`, `live` | the tables |
| `layout`, `setting`, `room` | their records, what they hold at the start, how they grow |

Assumes what the model assumes: one known order of all commands, and that nothing happens without a command. Whoever imports
`verifier` imports numba.
"""
