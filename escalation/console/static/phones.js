// Phone numbers as they are read.

/** +33612345678 as 06 12 34 56 78; a foreign number in groups behind its country code. */
export function readable(number) {
  const french = /^\+33(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(number);
  if (french) return `0${french.slice(1).join("\u00a0")}`;
  return number.replace(/^(\+\d{2})(\d+)$/, (_, country, rest) => `${country}\u00a0${rest.replace(/(\d{3})(?=\d)/g, "$1\u00a0")}`);
}
