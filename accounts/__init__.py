"""Who may enter: users, roles, passwords, sessions, the sign-in pages."""
