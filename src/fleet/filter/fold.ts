/** Returns a text as it is compared: in lower case, letters composed. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
