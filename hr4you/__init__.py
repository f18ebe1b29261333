"""The HR4YOU system as this project knows it: contract, client, mapping. Knows nothing of Singer."""
