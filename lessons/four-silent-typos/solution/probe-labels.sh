# sh probe-labels.sh NAMESPACE: ends with 0 if Pod Security guards it.
kubectl apply --dry-run=server -n $1 -f harmless.yaml && ! kubectl apply --dry-run=server -n $1 -f canary.yaml
