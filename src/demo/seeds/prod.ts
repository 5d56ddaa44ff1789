import type { HostSeed } from './seed.ts';

const OPUS = 'anthropic/claude-opus-4.5';
const SONNET = 'anthropic/claude-sonnet-4.5';

/** The hosts that serve users. */
export const PROD_HOSTS: readonly HostSeed[] = [
  {
    ...{ alias: 'prod-api', user: 'deploy', behaviour: 'live', version: '1.18.33', latency: 12 },
    machine: { cpus: 8, memory: 16, load: 0.42, used: 0.61 },
    projects: [
      {
        path: 'work/payments',
        model: OPUS,
        files: [
          'src/webhooks/retry.ts',
          'src/ledger/write.ts',
          'src/refunds/handler.ts',
          'db/migrations/0042_ledger.sql',
        ],
        commands: [
          'npm test',
          'npm run migrate -- --env staging',
          'npm run lint',
          'psql -c "select count(*) from ledger"',
        ],
        sessions: `
          Fix webhook retries | 14m | 1.42 | build | bash npm run migrate -- --env staging
          Move ledger writes to pgx v5 | 9m | 3.10 | build | working
          > Find every ledger write | 10m | 0.21 | explore |
          > Check pgx v5 release notes | 9m | 0.08 | general |
          Reconcile Stripe payouts nightly | 3m | 0.88 | build | working
          Add idempotency keys to /refunds | 7m | 0.64 | build |
          Drop legacy invoice tables | 5h | 2.07 | build |
          Investigate double charge of order 48127 | 3d | 0.31 | plan |
        `,
      },
      {
        path: 'work/ledger',
        model: SONNET,
        files: ['ledger/balance.go', 'ledger/entry.go', 'ledger/entry_test.go', 'cmd/close-month/main.go'],
        commands: ['go test ./...', 'go vet ./...', 'make proto'],
        sessions: `
          Round half to even in all reports | 6m | 0.57 | build | question Which currencies keep three decimals? KWD and BHD / KWD only / None
          Close the month in one transaction | 2h | 1.36 | build |
          Explain the drift of account 7400 | 9h | 0.22 | plan |
          Import opening balances from DATEV | 2d | 1.91 | build |
        `,
      },
      {
        path: 'work/notify',
        model: SONNET,
        files: ['app/mailer.rb', 'app/jobs/digest_job.rb', 'config/queues.yml', 'spec/jobs/digest_job_spec.rb'],
        commands: ['bundle exec rspec', 'bundle exec rubocop', 'bin/rails db:migrate'],
        sessions: `
          Send digests in the user's time zone | 2m | 0.46 | build | working
          Bounce handling for SES | 8m | 0.73 | build | working
          Unsubscribe in one click | 50m | 0.38 | build |
          Retry push with back-off | 4h | 0.95 | build |
          Split transactional and bulk mail | 8h | 1.22 | plan |
          Template for failed payments | 1d | 0.19 | build |
          Quiet hours | 2d | 0.44 | build |
          Translate receipts into Dutch | 3d | 0.27 | build |
          Drop the old SMS gateway | 6d | 0.88 | build |
          Why are digests sent twice | 9d | 0.12 | plan | archived
        `,
      },
    ],
  },
  {
    ...{ alias: 'prod-web', user: 'deploy', behaviour: 'live', version: '1.18.33', latency: 14 },
    machine: { cpus: 4, memory: 8, load: 0.31, used: 0.48 },
    projects: [
      {
        path: 'www',
        model: SONNET,
        files: ['app/routes/pricing.tsx', 'app/components/Hero.tsx', 'app/styles/tokens.css', 'public/robots.txt'],
        commands: ['pnpm build', 'pnpm test', 'pnpm lighthouse'],
        sessions: `
          Pricing page with yearly plans | 1m | 0.52 | build | working
          Cookie banner without layout shift | 26m | 0.33 | build |
          Prefetch docs on hover | 3h | 0.41 | build |
          Lighthouse score below 90 on mobile | 7h | 1.08 | plan |
          Changelog as RSS | 1d | 0.25 | build |
          Replace the hero video | 2d | 0.64 | build |
          Open Graph images for blog posts | 4d | 0.71 | build |
          Sitemap lists drafts | 8d | 0.09 | plan |
        `,
      },
      {
        path: 'docs',
        model: 'openai/gpt-5.1-codex',
        files: ['content/install.mdx', 'content/api/errors.mdx', 'scripts/check-links.ts'],
        commands: ['pnpm check:links', 'pnpm build'],
        sessions: `
          Page about rate limits | 40m | 0.18 | build |
          Check links in CI | 6h | 0.29 | build |
          Search that knows error codes | 2d | 0.87 | build |
          Rewrite the quick start | 5d | 0.55 | plan |
        `,
      },
    ],
  },
  {
    ...{ alias: 'prod-db', user: 'postgres', behaviour: 'polled', version: '1.18.30', latency: 18 },
    machine: { cpus: 16, memory: 64, load: 2.91, used: 0.93 },
    projects: [
      {
        path: 'ops/postgres',
        model: OPUS,
        files: ['roles/postgres/tasks/main.yml', 'sql/bloat.sql', 'runbooks/failover.md'],
        commands: ['psql -f sql/bloat.sql', 'ansible-playbook site.yml --check'],
        sessions: `
          Vacuum settings for events_2026 | 35m | 0.61 | plan |
          Index bloat report | 5h | 0.34 | build |
          Failover drill, step by step | 1d | 1.12 | plan |
          Partition events by month | 3d | 2.48 | build |
          Slow query on invoices.customer_id | 6d | 0.29 | plan |
          Backup restore took 4 hours | 12d | 0.77 | plan |
        `,
      },
    ],
  },
  {
    ...{ alias: 'staging', user: 'deploy', behaviour: 'live', version: '1.18.33', latency: 16 },
    machine: { cpus: 4, memory: 8, load: 0.18, used: 0.37 },
    projects: [
      {
        path: 'work/payments',
        model: SONNET,
        files: ['src/webhooks/retry.ts', 'test/webhooks.test.ts', 'fixtures/stripe.json'],
        commands: ['npm test', 'npm run seed'],
        sessions: `
          Replay last night's webhooks | 5m | 0.39 | build | working
          Seed 10,000 invoices | 2h | 0.21 | build |
          Feature flag for new refunds | 9h | 0.48 | build |
          Compare staging and prod schemas | 1d | 0.16 | plan |
          Load test of /charge | 4d | 1.04 | build |
        `,
      },
      {
        path: 'work/gateway',
        model: SONNET,
        files: ['gateway/routes.go', 'gateway/limits.go', 'deploy/values.yaml'],
        commands: ['go test ./...', 'helm template deploy'],
        sessions: `
          Rate limit by API key | 1h | 0.92 | build |
          Canary by header | 6h | 0.77 | build |
          Timeouts add up to 90s | 1d | 0.31 | plan |
          Structured access log | 3d | 0.42 | build |
          mTLS between gateway and ledger | 7d | 1.63 | build |
          Old routes that nobody calls | 11d | 0.14 | plan | archived
        `,
      },
    ],
  },
];
