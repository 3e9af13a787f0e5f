// Questions and commands to the server.

import { t } from "./texts.js";

const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

/** The server said no, or could not be reached; the message is a sentence for the reader. */
export class Refused extends Error {
  constructor({ status = 0, code = "network", message }) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Ask for JSON. @throws {Refused} */
export const ask = (path) => request(path, { headers: { Accept: "application/json" } });

/** Give a command, get JSON. @throws {Refused} */
export const command = (path, body = {}) =>
  request(path, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(body),
  });

/** Go and sign in; come back here afterwards. */
export function signIn() {
  window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname)}`);
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    throw new Refused({ message: t("desk.error.network") });
  }
  if (response.status === 401) signIn();
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Refused({ status: response.status, code: answer.code, message: answer.message ?? t("desk.error.server") });
}
