# Thin recipes over cargo; `cargo install just` if you want them.

# Run a grid: train, measure, tables, report.
run-grid GRID="experiments/quickstart.yaml" *ARGS="":
    cargo run --release -- run {{GRID}} {{ARGS}}

# Every test.
test:
    cargo test --release --workspace

# Micro-benchmarks of the hot parts; `just bench --bench harness -- plan` runs a few (docs/benchmarks.md).
bench *ARGS="":
    cargo bench --workspace {{ARGS}}

# Criterion does not see `--target-dir`, and reads a relative CARGO_TARGET_DIR from the crate's folder.

# The benchmarks with every instruction of this machine, built and kept apart.
bench-native *ARGS="":
    CARGO_TARGET_DIR="{{justfile_directory()}}/target/native" RUSTFLAGS="-C target-cpu=native" cargo bench --workspace {{ARGS}}

# Training, evaluation and sampling beside PyTorch, in turn (docs/benchmarks.md).
bench-peers *ARGS="":
    python3 crates/zoo/benches/peers/peers.py {{ARGS}}

# Judge the last quickstart against the committed reference.
regress NAME="quickstart" *ARGS="":
    cargo run --release -- regress {{NAME}} {{ARGS}}

# Rebuild the tables and the report of a grid that has run.
report NAME="quickstart":
    cargo run --release -- report {{NAME}}
