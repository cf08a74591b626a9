# Recipes over cargo. To use them: cargo install just

# Run a grid: train, measure, write tables and the report.
run-grid GRID="experiments/quickstart.yaml" *ARGS="":
    cargo run --release -- run {{GRID}} {{ARGS}}

# Run every test.
test:
    cargo test --release --workspace

# Build a Python wheel that holds the binary, into target/wheels (needs `pip install maturin`).
wheel:
    cd packaging/wheel && maturin build --release --locked --out ../../target/wheels

# Run the benchmarks, or some of them: `just bench --bench harness -- plan` (docs/benchmarks.md).
bench *ARGS="":
    cargo bench --workspace {{ARGS}}

# Criterion ignores `--target-dir` and resolves a relative CARGO_TARGET_DIR from the crate's folder.

# Run the benchmarks compiled for this machine's processor, in a separate target folder.
bench-native *ARGS="":
    CARGO_TARGET_DIR="{{justfile_directory()}}/target/native" RUSTFLAGS="-C target-cpu=native" cargo bench --workspace {{ARGS}}

# Compare training, evaluation and sampling with PyTorch (docs/benchmarks.md).
bench-peers *ARGS="":
    python3 crates/zoo/benches/peers/peers.py {{ARGS}}

# Compare the results of a grid with its committed reference.
regress NAME="quickstart" *ARGS="":
    cargo run --release -- regress {{NAME}} {{ARGS}}

# Write the tables and the report of a finished grid again.
report NAME="quickstart":
    cargo run --release -- report {{NAME}}

# Measure what the regression gate finds of deliberate faults (docs/ci.md).
calibrate *ARGS="":
    cargo build --release -p genbench --features faults
    python3 results/reference/calibration/calibrate.py {{ARGS}}

# List the committed grids with their hours and builds; `--run` runs the stale ones again (results/README.md).
reproduce *ARGS="":
    cargo build --release
    python3 results/reference/reproduce.py {{ARGS}}

# Write the pages of all committed packs into docs/gallery, without training, and a picture of each (docs/report.md#gallery).
gallery:
    cargo build --release
    for pack in results/reference/*/*.genbench; do target/release/genbench report "$pack" --out "docs/gallery/$(basename "$pack" .genbench)"; done
    node tests/browser/screenshots.mjs docs/gallery
