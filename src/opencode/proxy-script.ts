/**
 * POSIX sh that excludes the host itself from its proxy, if the environment names one: programs that ocr starts talk to 127.0.0.1. Extends NO_PROXY
 * and no_proxy and never replaces them. Programs read one or the other, so an unset one starts from the other. `*` already covers everything.
 */
export const BYPASS_PROXY_SCRIPT = `
ocr_bypass() {
  case $1 in
    '*') printf '%s' "$1" ;;
    '') printf '%s' 127.0.0.1,localhost,::1 ;;
    *) printf '%s' "$1,127.0.0.1,localhost,::1" ;;
  esac
}
if [ -n "$HTTP_PROXY$http_proxy$HTTPS_PROXY$https_proxy$ALL_PROXY$all_proxy" ]; then
  ocr_upper=\${NO_PROXY:-$no_proxy} ocr_lower=\${no_proxy:-$NO_PROXY}
  NO_PROXY=$(ocr_bypass "$ocr_upper") no_proxy=$(ocr_bypass "$ocr_lower")
  export NO_PROXY no_proxy
fi
`.trim();
