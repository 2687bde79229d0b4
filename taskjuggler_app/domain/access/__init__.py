"""Who somebody is: accounts, passwords, sessions, proofs of an address, and limits on guessing."""
