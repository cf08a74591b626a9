#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| genbench_fuzz::files::cifar10(bytes));
