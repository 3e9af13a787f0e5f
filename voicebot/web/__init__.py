"""What all pages share: templates, texts in two languages, security headers, the browser's side of audio."""
