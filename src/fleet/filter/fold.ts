const ASCII = /^[\0-\x7f]*$/;

/** Returns a text as it is compared: in lower case, letters composed. */
export function foldText(text: string): string {
  // Composing takes several times as long as this test.
  return (ASCII.test(text) ? text : text.normalize('NFC')).toLowerCase();
}
