import type { HostSeed } from './seed.ts';

const OPUS = 'anthropic/claude-opus-4.5';
const GEMINI = 'google/gemini-3-pro';

/** The machines with graphics cards. */
export const GPU_HOSTS: readonly HostSeed[] = [
  {
    ...{ alias: 'gpu-01', user: 'ml', behaviour: 'live', version: '1.18.33', latency: 96 },
    machine: { cpus: 32, memory: 256, load: 7.8, used: 0.72 },
    projects: [
      {
        path: 'train/eval',
        model: OPUS,
        files: ['configs/eval.yaml', 'eval/run.py', 'eval/metrics.py', 'eval/plots.py'],
        commands: ['pytest -q eval', 'python -m eval.run --limit 64', 'nvidia-smi'],
        sessions: `
          Rerun eval on v3 checkpoint | 2m | 0.34 | build | edit configs/eval.yaml
          Loss curve looks wrong after 12k | 6m | 0.77 | plan |
          Shard the tokenizer cache | 4h | 1.25 | build |
          Plot win rate by prompt length | 1d | 0.52 | build |
          Judge disagrees with humans on code | 3d | 0.68 | plan |
          Sweep learning rates 1e-5 to 3e-4 | 9d | 2.90 | build |
        `,
      },
      {
        path: 'train/data',
        model: GEMINI,
        files: ['data/dedupe.py', 'data/filters.py', 'data/schema.json', 'tests/test_filters.py'],
        commands: ['pytest -q tests', 'python -m data.dedupe --sample 1000', 'du -sh /mnt/corpus'],
        sessions: `
          Deduplicate the March crawl | 3m | 1.31 | build | working
          Filter minified JavaScript | 11m | 0.58 | build | working
          Licences of the new sources | 1m | 0.27 | plan | working
          Near-duplicates across languages | 6h | 1.92 | build |
          PII scan of support tickets | 10h | 0.83 | build |
          Parquet instead of JSON lines | 1d | 0.46 | build |
          Sample 500 documents per domain | 2d | 0.19 | build |
          Balance languages by tokens | 5d | 1.07 | plan |
          Broken UTF-8 in shard 118 | 8d | 0.13 | build |
          Mirror the corpus to gpu-02 | 11d | 0.22 | build | archived
        `,
      },
    ],
  },
  {
    ...{ alias: 'gpu-02', user: 'ml', behaviour: 'live', version: '1.18.30', latency: 97 },
    machine: { cpus: 32, memory: 256, load: 5.4, used: 0.66 },
    projects: [
      {
        path: 'train/distil',
        model: OPUS,
        files: ['distil/loss.py', 'distil/teacher.py', 'configs/student-3b.yaml'],
        commands: ['pytest -q distil', 'torchrun --nproc-per-node 8 distil/train.py --dry-run'],
        sessions: `
          Distil the reward model | 8m | 1.88 | build | working
          Student diverges at step 4,000 | 3m | 0.96 | build | retrying 529 overloaded
          Cache teacher logits | 2h | 1.14 | build |
          fp8 matmul on the student | 7h | 0.79 | plan |
          Checkpoint every 500 steps | 2d | 0.33 | build |
        `,
      },
      {
        path: 'serve',
        model: GEMINI,
        files: ['serve/batching.py', 'serve/metrics.py', 'deploy/serve.yaml'],
        commands: ['pytest -q serve', 'k6 run bench.js'],
        sessions: `
          Continuous batching stalls at 64 | 7m | 0.71 | build | stalled
          Prefix cache hit rate | 3h | 0.45 | plan |
          Metrics per tenant | 1d | 0.38 | build |
          Cold start of 90 seconds | 4d | 0.64 | build |
        `,
      },
    ],
  },
  {
    ...{ alias: 'build-arm', user: 'ci', behaviour: 'flaky', version: '1.18.30', latency: 61 },
    machine: { cpus: 4, memory: 8, load: 2.1, used: 0.58 },
    projects: [
      {
        path: 'ci/images',
        model: GEMINI,
        files: ['images/base/Dockerfile', 'images/base/build.sh', 'pipelines/arm64.yml'],
        commands: ['docker buildx bake --print', 'shellcheck images/base/build.sh'],
        sessions: `
          Base image for arm64 | 45m | 0.53 | build |
          ccache across jobs | 8h | 0.61 | build |
          Flaky clock in the VM | 3d | 0.17 | plan |
          Sign images with cosign | 6d | 0.42 | build |
        `,
      },
    ],
  },
];

/** The hosts that do not answer at once. */
export const EDGE_HOSTS: readonly HostSeed[] = [
  {
    ...{ alias: 'edge-fra', user: 'edge', behaviour: 'password', version: '1.18.33', latency: 9 },
    machine: { cpus: 2, memory: 4, load: 0.22, used: 0.41 },
    projects: [
      {
        path: 'edge/cache',
        model: OPUS,
        files: ['vcl/main.vcl', 'purge/handler.go', 'purge/handler_test.go'],
        commands: ['go test ./...', 'varnishtest tests/*.vtc'],
        sessions: `
          Purge by tag | 20m | 0.74 | build |
          Stale while revalidate for images | 5h | 0.57 | build |
          Hit rate fell after the deploy | 1d | 0.26 | plan |
          Brotli for JSON | 6d | 0.19 | build |
        `,
      },
    ],
  },
  {
    ...{ alias: 'nas', user: 'admin', behaviour: 'silent', version: '1.18.33', latency: 0 },
    machine: { cpus: 4, memory: 16, load: 0.1, used: 0.3 },
    projects: [],
  },
];
