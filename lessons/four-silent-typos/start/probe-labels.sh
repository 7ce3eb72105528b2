# sh probe-labels.sh NAMESPACE: ends with 0 if Pod Security guards it.
kubectl label ns $1 --list | grep baseline
