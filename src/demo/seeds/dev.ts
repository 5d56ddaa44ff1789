import type { HostSeed } from './seed.ts';

const OPUS = 'anthropic/claude-opus-4.5';
const SONNET = 'anthropic/claude-sonnet-4.5';

/** The machines of two developers. */
export const DEV_HOSTS: readonly HostSeed[] = [
  {
    ...{ alias: 'dev-anna', user: 'anna', behaviour: 'live', version: '1.18.33', latency: 31 },
    machine: { cpus: 8, memory: 32, load: 1.66, used: 0.55 },
    projects: [
      {
        path: 'src/shop',
        model: OPUS,
        files: ['src/cart/badge.tsx', 'src/checkout/guest.tsx', 'test/checkout.test.ts', 'vite.config.ts'],
        commands: ['pnpm test', 'pnpm test checkout', 'pnpm tsc --noEmit', 'pnpm build'],
        sessions: `
          Cart badge counts twice | 2m | 0.41 | build | working
          Flaky checkout test | 31m | 5.16 | build | failed 429 rate limit, gave up after 8 attempts
          Guest checkout address form | 4m | 0.72 | build | working
          Explain tax rounding in totals | 9m | 0.05 | plan |
          Upgrade to Vite 7 | 1m | 1.90 | build | working
          Split product page bundle | 6h | 2.44 | build |
          Remove moment.js | 2d | 0.38 | build |
          Coupon stacking rules | 4d | 0.97 | plan |
          Seed data for e2e runs | 5d | 0.12 | build | cut
          Wishlist survives logout | 6d | 0.83 | build |
          Gift cards | 8d | 3.27 | build |
          Stock warning at 3 left | 10d | 0.24 | build | archived
        `,
      },
      {
        path: 'src/shop/internal/admin-tools',
        model: SONNET,
        files: ['pages/refunds/bulk.tsx', 'lib/export-csv.ts', 'lib/roles.ts'],
        commands: ['pnpm test refunds', 'pnpm lint'],
        sessions: `
          Bulk refund page | 9m | 0.27 | build |
          Audit log export as CSV | 3h | 0.66 | build |
          Role matrix | 8h | 0.18 | plan |
        `,
      },
      {
        path: 'src/shop-mobile',
        model: SONNET,
        files: ['lib/screens/cart.dart', 'lib/api/client.dart', 'ios/Podfile', 'test/cart_test.dart'],
        commands: ['flutter test', 'flutter analyze', 'pod install'],
        sessions: `
          Deep links into orders | 7m | 0.85 | build |
          > Read the iOS universal link rules | 8m | 0.06 | explore |
          Apple Pay sheet | 1h | 1.47 | build |
          Offline cart | 5h | 2.06 | build |
          Crash on Android 9 | 1d | 0.54 | build |
          Image cache of 400 MB | 2d | 0.36 | plan |
          Dynamic type | 3d | 0.63 | build |
          Biometric login | 6d | 1.18 | build |
          Move to Riverpod | 2w | 4.02 | plan |
        `,
      },
    ],
  },
  {
    ...{ alias: 'dev-kim', user: 'kim', behaviour: 'live', version: '1.18.33', latency: 44 },
    machine: { cpus: 10, memory: 32, load: 1.12, used: 0.63 },
    projects: [
      {
        path: 'app',
        model: OPUS,
        files: ['app/settings/page.tsx', 'app/theme/tokens.ts', 'app/upload/camera.tsx', 'tailwind.config.ts'],
        commands: ['bun test', 'bun run build', 'bun run lint'],
        sessions: `
          Port settings page to React 19 | 4m | 2.08 | build | done
          Dark mode tokens | 6m | 0.93 | build | working
          > Audit contrast | 6m | 0.17 | explore | working
          > List hard-coded colours | 7m | 0.09 | explore |
          > Compare with the design file | 7m | 0.05 | general |
          Image upload from camera | 2h | 1.11 | build |
          Push permission copy | 1h | 0.09 | plan |
          Empty states | 1d | 0.58 | build |
          Keyboard traps in the dialog | 3d | 0.41 | build |
        `,
      },
      {
        path: 'app/server',
        model: SONNET,
        files: ['server/routes/session.ts', 'server/db/schema.ts', 'server/jobs/cleanup.ts', 'drizzle.config.ts'],
        commands: ['bun test server', 'bunx drizzle-kit generate', 'docker compose up -d'],
        sessions: `
          Passkeys beside passwords | 12m | 1.76 | build | question Which login should a new account see first? Passkey / Password / Both side by side
          Rotate refresh tokens | 55m | 0.62 | build |
          Presigned uploads | 4h | 0.49 | build |
          Delete accounts after 30 days | 9h | 0.71 | build |
          Row-level security | 1d | 1.34 | plan |
          Postgres instead of SQLite in tests | 2d | 0.88 | build |
          OpenAPI from route types | 4d | 1.05 | build |
          Tracing with one id per request | 5d | 0.67 | build |
          Sessions table grows by 2 GB a week | 6d | 0.23 | plan |
          Health check that means something | 9d | 0.15 | build |
          Docker image of 1.4 GB | 12d | 0.37 | build | archived
        `,
      },
      {
        path: 'dotfiles',
        model: 'openai/gpt-5.1-codex',
        files: ['zsh/.zshrc', 'nvim/init.lua', 'install.sh'],
        commands: ['shellcheck install.sh', 'stow -n zsh'],
        sessions: `
          Prompt that shows the venv | 3h | 0.04 | build |
          Neovim 0.12 breaks my LSP | 2d | 0.11 | build |
          One install script for Mac and Linux | 9d | 0.29 | build |
        `,
      },
    ],
  },
];
