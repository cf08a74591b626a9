//! Integers of variable length, in protocol buffers and in Thrift.

/// Groups of seven bits, the lowest first; all but the last have the highest bit.
pub(super) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
