"""The secretary's screen and the supervisor's view: pages, commands, live events, audio in the browser."""
