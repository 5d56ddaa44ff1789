/** Limits in bytes: of one file, and of all files; a session's has some 300 bytes. */
const MAX_FILE_BYTES = 32 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * POSIX sh. Before opencode 1.2 each session and project was a JSON file below `storage`; the first start of a newer opencode moves them into a
 * database. `ocr_read_storage` reports those files unchanged: each begins with a line `@file PATH`, and its lines are indented by a space.
 */
export const STORAGE_FUNCTIONS = `
ocr_read_storage() {
  ocr_say legacy storage
  ocr_say rows storage
  (cd "$ocr_data/storage" 2>/dev/null && find ./project ./session -type f -name '*.json' -size -${MAX_FILE_BYTES / 512} \\
    -exec awk 'FNR == 1 { print "@file " FILENAME } { print " " $0 }' {} + 2>/dev/null) | head -c ${MAX_BYTES}
  printf '\\n'
  ocr_say done storage
}
`;
