/// Asks the processor for what is at an address, which need not be valid, without waiting for it.
static inline void prefetch_octets(const void *address) { __builtin_prefetch(address); }
