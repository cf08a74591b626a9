# Thin recipes over cargo; `cargo install just` if you want them.

# Run a grid: train, measure, write tables and the report.
run-grid GRID="experiments/quickstart.yaml" *ARGS="":
    cargo run --release -- run {{GRID}} {{ARGS}}

# Run every test.
test:
    cargo test --release --workspace

# Run the benchmarks of the hot parts; `just bench --bench harness -- plan` runs a few (docs/benchmarks.md).
bench *ARGS="":
    cargo bench --workspace {{ARGS}}

# Criterion ignores `--target-dir` and resolves a relative CARGO_TARGET_DIR from the crate's folder.

# Run the benchmarks compiled for this machine's processor, in a target folder of their own.
bench-native *ARGS="":
    CARGO_TARGET_DIR="{{justfile_directory()}}/target/native" RUSTFLAGS="-C target-cpu=native" cargo bench --workspace {{ARGS}}

# Compare training, evaluation and sampling with PyTorch, in turn (docs/benchmarks.md).
bench-peers *ARGS="":
    python3 crates/zoo/benches/peers/peers.py {{ARGS}}

# Compare the last quickstart with the committed reference.
regress NAME="quickstart" *ARGS="":
    cargo run --release -- regress {{NAME}} {{ARGS}}

# Write the tables and the report of a finished grid again.
report NAME="quickstart":
    cargo run --release -- report {{NAME}}
