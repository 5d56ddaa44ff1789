/**
 * POSIX sh that takes this machine out of what goes through a proxy, where the environment names one: what ocr starts talks to 127.0.0.1. NO_PROXY and
 * no_proxy are extended and never replaced; programs read the one or the other, so each starts from the other where it is not set. `*` is all already.
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
