make-call io_uring /data/ledger forged
