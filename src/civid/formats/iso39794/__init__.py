"""What all parts of ISO/IEC 39794 share: BER reading, DER writing, and the blocks of part 1."""
