"""Money: the ledger, held funds, fees, refunds, disputes, reconciliation."""
