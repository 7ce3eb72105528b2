# sh probe-policy.sh: ends with 0 if the cluster refuses pods that turn AppArmor off.
kubectl apply --dry-run=server -f harmless.yaml && ! kubectl apply --dry-run=server -f unconfined.yaml
