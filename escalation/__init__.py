"""The secretary's side: tickets, routing, the audio bridge, the console."""
