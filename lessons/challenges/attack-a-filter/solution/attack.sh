echo forged 1<> /data/ledger
