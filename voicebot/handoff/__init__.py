"""The protocol by which a call asks for a human, and gets one."""
